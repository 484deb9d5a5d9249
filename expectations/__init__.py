"""Whether a number is believable: rules, their verdict on every observation, and what slip would explain a failure.

Here: rules as YAML with reason and reference, the one module that knows Great Expectations, the verdicts and the
suggested values. Not here: how evidence is computed (`dbt_project/`), when rules run (`orchestration/`), and any
correction: nothing is corrected, a suggestion waits for a person.
"""
