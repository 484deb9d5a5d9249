{# The distribution function of Student's t with a whole number of degrees of freedom, in closed form: Abramowitz and
   Stegun, Handbook of Mathematical Functions (1964), 26.7.3 and 26.7.4. #}
{% macro student_t(t, df) -%}
    0.5 + case
        when {{ df }} % 2 = 0 then
            0.5 * sin(atan({{ t }} / sqrt({{ df }}))) * list_sum(list_transform(
                range(0, {{ df }} // 2),
                lambda k: gamma(k + 0.5) / (sqrt(pi()) * gamma(k + 1.0)) * pow(cos(atan({{ t }} / sqrt({{ df }}))), 2 * k)
            ))
        else
            (atan({{ t }} / sqrt({{ df }})) + sin(atan({{ t }} / sqrt({{ df }}))) * coalesce(list_sum(list_transform(
                range(0, ({{ df }} - 1) // 2),
                lambda k: sqrt(pi()) / 2 * gamma(k + 1.0) / gamma(k + 1.5) * pow(cos(atan({{ t }} / sqrt({{ df }}))), 2 * k + 1)
            )), 0)) / pi()
    end
{%- endmacro %}
