"""Where numbers rest: the archive, the build database, the releases and reading them.

Here: connections and locks, loading cells as they were read, publishing a release, querying one.
Not here: what a number means (`dbt_project/`), whether it is believable (`expectations/`), when things
happen (`orchestration/`).
"""
