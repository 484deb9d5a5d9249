"""The evidence that a rule may ask for: one row an observation, a column for each thing known about it.

Beside it stands one row for each cell that should hold a number and does not, with what its text may have meant.

Here: the names and types, so that a rule is checked when it is read and not when it runs. Not here: how a column is
computed (`dbt_project/models/intermediate/`). NULL always means that the thing cannot be told.

Signs: a residual is the sum of the parts less the whole; a deviation is the value less its expectation.
"""

from dataclasses import dataclass

RELATION = "intermediate.int_observation_evidence"

_TYPES = {
    "BIGINT": "cell_id key_count column_areas neighbours",
    "INTEGER": """
        ref_year latest_year_allowed revision_no decimals usual_decimals extra_decimals printed_decimals area_years_off
        boundary_changes file_name_year row_figures column_figures series_figures placed_areas
        row_shift repeated_indicators children_asked
        """,
    "DATE": "vintage preceding_vintage",
    "BOOLEAN": "pair_suspect same_as_previous interpolated rival_suspect speaks_for_series",
    "VARCHAR": """
        source authority ref_area ref_area_name ref_area_name_en ref_area_level parent freq time_period accumulation
        indicator area_type what_en what_zh definition basis unit_measure raw_text file_name sheet_name cell quantity
        unit_text expectation slip identity boundary_change misread_as damaged_label twin_row twin_column rival_source
        rival_authority fits_column
        whole_area whole_area_name whole_area_name_en declared_event_en
        declared_event_zh
        """,
    "DOUBLE": """
        obs_value min_value max_value previous_value next_value growth_pct change_pp expected_value deviation_log10
        deviation_pp deviation_z peer_growth_z slip_value slip_share column_deviation_log10 column_deviation_z
        column_deviation_pct column_step_pct parent_value ratio_to_parent urban_value rural_value total_value
        urban_rural_ratio implied_urban_weight_pct urbanization_recomputed_pct urbanization_tolerance_pp
        identity_residual identity_tolerance median_to_mean_pct weighted_mean_difference_pct registered_rate_pct
        resident_rate_pct revision_pct preceding_value misread_candidate rival_value rival_difference_pct heaped_pct
        heaping_chi2 first_digit_deviation multiplier children_low children_high children_position children_mean
        children_mean_rounding whole_value children_sum children_difference_pct children_rounding_pct part_value
        containing_value part_ratio residents registrants resident_to_registered census_step tooth_log10
        result_recomputed result_tolerance cumulative_fall
        """,
}

COLUMNS: dict[str, str] = {column: type_ for type_, columns in _TYPES.items() for column in columns.split()}
"""Every evidence column with its DuckDB type."""

JUMPS = (
    "growth_pct", "change_pp", "deviation_log10", "deviation_pp", "deviation_z", "peer_growth_z", "column_step_pct",
    "column_deviation_log10", "revision_pct", "census_step", "tooth_log10",
)  # fmt: skip
"""What tells that a value moved: against other years, other areas or another edition. A declared event explains it."""

_OF_A_TEXT = """
    cell_id source ref_area ref_area_name ref_area_name_en freq time_period accumulation ref_year indicator area_type
    what_en what_zh definition vintage unit_measure unit_text multiplier raw_text file_name sheet_name cell
    expected_value misread_as misread_candidate
    """


@dataclass(frozen=True)
class Evidence:
    """What a rule looks at.

    Attributes:
        relation: the relation in the build database; `cell_id` identifies a row, also among those of the others.
        columns: every column with its DuckDB type.
    """

    relation: str
    columns: dict[str, str]

    def declared(self) -> str:
        """The columns as a CREATE TABLE lists them."""
        return ", ".join(f"{column} {type_}" for column, type_ in self.columns.items())


KINDS = {
    "observation": Evidence(RELATION, COLUMNS),
    "unreadable": Evidence(
        "intermediate.int_unreadable_evidence",
        {column: COLUMNS[column] for column in _OF_A_TEXT.split()} | {"readings": "VARCHAR"},
    ),
}
"""What a rule may judge: an observation, or a cell whose text is no number."""


def declared() -> str:
    """The columns of an observation as a CREATE TABLE lists them."""
    return KINDS["observation"].declared()
