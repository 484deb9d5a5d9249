{# Fails for every row that lacks a value in one of the columns: for seeds, which take no constraints. #}
{% test complete(model, columns) %}
select *
from {{ model }}
where {{ columns | join(' is null or ') }} is null
{% endtest %}
