"""The evidence that a rule may ask for: one row an observation, a column for each thing known about it.

Here: the names and types, so that a rule is checked when it is read and not when it runs. Not here: how a column is
computed (`dbt_project/models/intermediate/`). NULL always means that the thing cannot be told.

Signs: a residual is the sum of the parts less the whole; a deviation is the value less its expectation.
"""

RELATION = "intermediate.int_observation_evidence"

_TYPES = {
    "BIGINT": "cell_id key_count column_areas neighbours",
    "INTEGER": """
        ref_year latest_year_allowed revision_no decimals usual_decimals extra_decimals printed_decimals area_years_off
        boundary_changes repeated_indicators children_asked
        """,
    "DATE": "vintage preceding_vintage",
    "BOOLEAN": "pair_suspect same_as_previous interpolated",
    "VARCHAR": """
        source authority ref_area ref_area_name ref_area_name_en ref_area_level parent freq time_period accumulation
        indicator area_type what_en what_zh definition basis unit_measure raw_text file_name sheet_name cell quantity
        unit_text expectation slip identity boundary_change whole_area whole_area_name
        whole_area_name_en
        """,
    "DOUBLE": """
        obs_value min_value max_value previous_value next_value growth_pct change_pp expected_value deviation_log10
        deviation_pp deviation_z peer_growth_z suggested_value slip_share column_deviation_log10 column_deviation_z
        column_deviation_pct column_step_pct parent_value ratio_to_parent urban_value rural_value total_value
        urban_rural_ratio implied_urban_weight_pct urbanization_recomputed_pct urbanization_tolerance_pp
        identity_residual identity_tolerance median_to_mean_pct weighted_mean_difference_pct registered_rate_pct
        resident_rate_pct revision_pct multiplier children_low children_high children_position children_mean
        children_mean_rounding whole_value children_sum children_difference_pct children_rounding_pct part_value
        containing_value part_ratio residents registrants resident_to_registered census_step tooth_log10
        """,
}

COLUMNS: dict[str, str] = {column: type_ for type_, columns in _TYPES.items() for column in columns.split()}
"""Every evidence column with its DuckDB type."""


def declared() -> str:
    """The columns as a CREATE TABLE lists them."""
    return ", ".join(f"{column} {type_}" for column, type_ in COLUMNS.items())
