-- Grain: series of at least 100 figures in force, by its newest one, which speaks for the whole. How often the last
-- printed digit is 0 or 5, and how far the first digits lie from Benford's law.
with figure as (
    select
        observation.cell_id,
        observation.series_no,
        observation.ref_year,
        abs(observation.exact_value::double / observation.multiplier) as printed,
        coalesce({{ printed_decimals('cell.value_text', 'cell.raw_text is null') }}, 0) as decimals,
        indicator.is_additive
    from {{ ref('int_observation') }} as observation
    inner join {{ ref('int_series') }} as series on observation.series_no = series.series_no
    inner join {{ ref('stg_indicator') }} as indicator on series.indicator = indicator.indicator
    inner join {{ ref('stg_cell') }} as cell on observation.cell_id = cell.cell_id
    where observation.edition_no = 1 and observation.exact_value <> 0
),

usual as (
    select
        series_no,
        mode(decimals) as decimals
    from figure
    group by all
),

-- A workbook drops the zeros at the end of a fraction: they are put back.
digit as (
    select
        figure.*,
        case
            when figure.decimals <= usual.decimals
                then round(figure.printed * pow(10, usual.decimals))::hugeint % 10
        end as last_digit,
        left(ltrim(replace(format('{:.15f}', figure.printed), '.', ''), '0'), 1)::integer as first_digit
    from figure
    inner join usual on figure.series_no = usual.series_no
),

benford as (
    select
        unnest(range(1, 10))::integer as first_digit,
        log10(1 + 1 / unnest(range(1, 10))::double) as share
),

counted as (
    select
        series_no,
        first_digit,
        count(*) as figures
    from digit
    group by all
),

spread as (
    select
        series_no,
        arg_max(cell_id, { 'year': ref_year, 'cell': cell_id }) as cell_id,
        count(*) as figures,
        count(last_digit) as last_digits,
        count_if(last_digit in (0, 5)) as heaped,
        bool_and(is_additive) and max(printed) >= 100 * min(printed) as may_follow_benford
    from digit
    group by all
),

deviating as (
    select
        spread.series_no,
        sum(abs(coalesce(counted.figures, 0) / spread.figures - benford.share)) / 9 as first_digit_deviation
    from spread
    cross join benford
    left join counted on spread.series_no = counted.series_no and benford.first_digit = counted.first_digit
    where spread.may_follow_benford and spread.figures >= 300
    group by all
)

select
    spread.cell_id,
    spread.figures::integer as series_figures,
    100.0 * spread.heaped / spread.last_digits as heaped_pct,
    pow(spread.heaped - 0.2 * spread.last_digits, 2) / (0.16 * spread.last_digits) as heaping_chi2,
    deviating.first_digit_deviation
from spread
left join deviating on spread.series_no = deviating.series_no
where spread.last_digits >= 100
