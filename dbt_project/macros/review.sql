{# A value as decisions name it, and digests too: twelve significant digits. #}
{% macro twelve_digits(value) -%}
    format('{:.12g}', {{ value }}::double)
{%- endmacro %}

{# What a decision names besides the value. #}
{% macro same_key(one, other) -%}
    {{ one }}.ref_area = {{ other }}.ref_area
    and {{ one }}.freq = {{ other }}.freq
    and {{ one }}.time_period = {{ other }}.time_period
    and {{ one }}.accumulation = {{ other }}.accumulation
    and {{ one }}.indicator = {{ other }}.indicator
    and {{ one }}.area_type = {{ other }}.area_type
    and {{ one }}.source = {{ other }}.source
    and {{ one }}.definition = {{ other }}.definition
{%- endmacro %}
