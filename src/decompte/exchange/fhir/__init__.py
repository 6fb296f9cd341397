"""FHIR R4 in and out: `names` (systems), `checked` (validation), then one module a resource.

`claim` and `benefit` go both ways without losing a cent, a day or an identifier; `people`,
`coverage`, `payment` and `papers` describe; `profiles` and `capability` say what to expect.
"""
