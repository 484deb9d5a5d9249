"""When things happen: the orchestrator's assets, checks and schedule, the command line, and what it says to people.

Here: the order of the steps, what is due, who is told. Not here: what a step does (`sources/`, `warehouse/`,
`dbt_project/`, `expectations/`). This is the only room that knows Dagster, and the only one that runs dbt.
"""
