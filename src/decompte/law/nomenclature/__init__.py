"""The nomenclatures: medicines, technical acts, analyses and products by code, with dated tariffs.

A small extract ships with the program, so that everything works at once; `decompte import` reads
the official files and keeps what they say beside the portal's data. A newer file adds periods and
never rewrites what was known before.
"""
