{# Whether values of an indicator grow by factors: no rates, indices or ranks, and no differences. A net income may be negative,
   and grows where it is not. #}
{% macro compounds(indicator) -%}
    (
        {{ indicator }}.unit_measure not in ('PCT', 'PP', 'INDEX', 'RANK')
        and ({{ indicator }}.quantity = 'money' or coalesce({{ indicator }}.min_value, 0) >= 0)
    )
{%- endmacro %}

{# Where a value stands on the scale on which its changes are compared: rates as they are, all else by their logarithm. #}
{% macro on_scale(value, is_rate) -%}
    case when {{ is_rate }} then {{ value }} when {{ value }} > 0 then ln({{ value }}) end
{%- endmacro %}

{# Whether a value is what a target asks for. About a figure is one-sided where the way is known, else within 2 % of it. #}
{% macro meets(value) -%}
    case
        when comparator = '>' then {{ value }} > target_value
        when comparator = '<' then {{ value }} < target_value
        when way > 0 then {{ value }} >= target_value
        when way < 0 then {{ value }} <= target_value
        else abs({{ value }} - target_value) <= 0.02 * abs(target_value)
    end
{%- endmacro %}

{# Compound yearly growth as a fraction; NULL unless both ends are positive. #}
{% macro yearly_growth(first, last, years) -%}
    case when ({{ first }}) > 0 and ({{ last }}) > 0 and ({{ years }}) > 0 then pow(({{ last }}) / ({{ first }}), 1.0 / ({{ years }})) - 1 end
{%- endmacro %}

{# Progress by one method, from a base to a latest value; the columns of the assessment are in scope.

   growth: actual over required compound growth (Eurostat, Open SDG); of a share near its limit, that of the complement.
   linear: share of the distance covered over share of the time elapsed (序时进度).
   projection: share of the distance that will be covered by the target year at the pace of the last three years (UN progress chart).
   escap: share of the distance covered, a tenth of the Current Status Index of ESCAP.
   cumulative: share of the sum reached over share of the time elapsed; of a ceiling the other way round.
   growth_rate and annual: growth, or the value of the year, over the one demanded; of a ceiling as far below 1 as it is above.
   direction: change the way wanted. #}
{% macro progress_by_method(base, latest, method='method') -%}
    case {{ method }}
        when 'growth' then
            way_to_go * if(
                is_saturated,
                -{{ yearly_growth('100 - ' ~ base, '100 - ' ~ latest, 'years_elapsed') }}
                / nullif(abs({{ yearly_growth('100 - ' ~ base, '100 - target_value', 'years_planned') }}), 0),
                {{ yearly_growth(base, latest, 'years_elapsed') }}
                / nullif(abs({{ yearly_growth(base, 'target_value', 'years_planned') }}), 0)
            )
        when 'linear' then
            way_to_go * ({{ latest }} - {{ base }}) / nullif(abs(target_value - {{ base }}), 0) / (years_elapsed / years_planned)
        when 'projection' then
            way_to_go * (
                if(is_rate, {{ latest }} + years_left * recent_change, {{ latest }} * exp(years_left * recent_change)) - {{ base }}
            ) / nullif(abs(target_value - {{ base }}), 0)
        when 'escap' then way_to_go * ({{ latest }} - {{ base }}) / nullif(abs(target_value - {{ base }}), 0)
        when 'cumulative' then
            if(
                way < 0,
                (years_elapsed / years_planned) / nullif({{ latest }} / nullif(target_value, 0), 0),
                ({{ latest }} - sum_before) / nullif(target_value - sum_before, 0) / (years_elapsed / years_planned)
            )
        when 'growth_rate' then
            1 + way * (100 * ({{ yearly_growth(base, latest, 'years_elapsed') }}) - target_value) / nullif(abs(target_value), 0)
        when 'annual' then 1 + way * ({{ latest }} - target_value) / nullif(abs(target_value), 0)
        when 'direction' then way_to_go * ({{ latest }} - {{ base }})
    end
{%- endmacro %}

{# What a measure of progress says: the thresholds of Eurostat and Open SDG (95, 60 and 0 %), of the UN progress chart for the
   projected share (95 and 10 %), of ESCAP for the gap that is expected to remain (10 and 100 % of what was required). #}
{% macro progress_class(ratio, method='method') -%}
    case
        when {{ ratio }} is null then null
        when {{ method }} = 'direction' then
            case when {{ ratio }} > 0 then 'on_track' when {{ ratio }} = 0 then 'limited_progress' else 'deterioration' end
        when {{ ratio }} < 0 then 'deterioration'
        when {{ method }} = 'escap' then
            case
                when anticipated_gap <= 10 then 'on_track' when anticipated_gap <= 100 then 'acceleration_needed' else 'deterioration'
            end
        when {{ ratio }} >= 0.95 then 'on_track'
        when {{ ratio }} >= if({{ method }} = 'projection', 0.1, 0.6) then 'acceleration_needed'
        else 'limited_progress'
    end
{%- endmacro %}

{# How early one must warn (预警), a convention of this warehouse: blue for reached, then green, yellow, orange and red with the
   classes of progress, grey where nothing can be said. #}
{% macro warning_level(status) -%}
    case {{ status }}
        when 'achieved' then 'blue'
        when 'met_early' then 'blue'
        when 'on_track' then 'green'
        when 'acceleration_needed' then 'yellow'
        when 'limited_progress' then 'orange'
        when 'deterioration' then 'red'
        when 'missed' then 'red'
        else 'grey'
    end
{%- endmacro %}

{# Why a target is not assessed, or what its assessment rests on. #}
{% macro reason_in_words(reason, language) -%}
    case {{ reason }}
    {%- for code, en, zh in [
        ('context', 'a fact or a condition, no target', '事实或条件，并非目标'),
        ('actual', 'a reported figure, no target; it is loaded as an observation', '已实现的数字，并非目标；已作为观测值载入'),
        ('no_data', 'no figure of the indicator is held for the area', '尚无该地区该指标的数据'),
        ('no_value_since_base', 'what is held is from before the base year', '现有数据均早于基期'),
        ('no_value_after_base', 'no figure after the base year', '基期之后尚无数据'),
        ('no_base_value', 'no figure of the base year or after it to count from', '基期及其后尚无可作起点的数据'),
        ('no_target_year', 'the document states no year', '文件未写明年份'),
        ('break_since_base', 'the series breaks after the base year', '基期之后口径发生变化'),
        ('printed_figures_only', 'only rounded figures are known, and they leave more than one class possible', '仅有已舍入的公布数，可能落入不同等级'),
        ('before_period', 'a year before the period of the target', '早于目标期'),
        ('no_way_to_go', 'the base value is the target, or too few years are known for the measure', '基期值即目标值，或年份不足以计算'),
    ] %}
        when '{{ code }}' then '{{ en if language == 'en' else zh }}'
    {%- endfor %}
    end
{%- endmacro %}
