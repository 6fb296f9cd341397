"""The purge as work in the background, put on the queue by `decompte manage purge --queue`."""

from django_tasks import task

from decompte.portal.rights.purge import purge as purged


@task()
def purge() -> dict[str, int]:
    """Take away what is due to go; killed and asked for again, it does what is still due."""
    return purged()._asdict()
