-- Grain: observation row that a slip would explain. What explains two values or more at once comes before what explains one;
-- among candidates for one value the likeliest wins, and none where its share says that it is no better than a guess.
-- `slip` without `suggested_value`: a slip it is, but which number was meant cannot be told.
with weighed as (
    select
        cell_id,
        value,
        sum(weight) as weight,
        arg_max(slip, (weight, slip)) as slip,
        bool_or(closes_identity) as closes_identity
    from {{ ref('int_slip_candidate') }}
    group by all
),

chosen as (
    select
        cell_id,
        slip,
        value,
        closes_identity,
        -- Something else may have happened as well. That one of so many edits of the digits comes near what is told by chance
        -- is likelier than that a power of ten does.
        weight / (
            sum(weight) over (partition by cell_id)
            + if(slip in ('inserted_digit', 'dropped_digit', 'swapped_digits'), 1e-6, 1e-8)
        ) as share
    from weighed
    qualify row_number() over (partition by cell_id order by weight desc, value asc) = 1
),

found as (
    select
        suspect.cell_id,
        suspect.is_outlier,
        suspect.is_zero,
        coalesce(
            shifted.slip,
            swapped.slip,
            case when suspect.is_zero then 'missing_as_zero' end,
            case when chosen.share < 0.65 then repeated.slip end,
            chosen.slip,
            repeated.slip
        ) as slip,
        case
            when shifted.slip is not null then shifted.value
            when swapped.slip is not null then swapped.value
            when chosen.share < 0.65 and repeated.slip is not null then null
            when chosen.share >= 0.65 then chosen.value
        end as suggested_value,
        case
            when swapped.value is not null or shifted.value is not null then 1
            else chosen.share
        end as share,
        coalesce(chosen.closes_identity, false) as closes_identity
    from {{ ref('int_slip_suspect') }} as suspect
    left join {{ ref('int_swapped_value') }} as swapped on suspect.cell_id = swapped.cell_id
    left join {{ ref('int_shifted_value') }} as shifted on suspect.cell_id = shifted.cell_id
    left join {{ ref('int_repeated_value') }} as repeated on suspect.cell_id = repeated.cell_id
    left join chosen on suspect.cell_id = chosen.cell_id
    union all
    -- Of a run, those that are not strange in themselves.
    select
        shifted.cell_id,
        true as is_outlier,
        false as is_zero,
        shifted.slip,
        shifted.value as suggested_value,
        1 as share,
        false as closes_identity
    from {{ ref('int_shifted_value') }} as shifted
    anti join {{ ref('int_slip_suspect') }} as suspect on shifted.cell_id = suspect.cell_id
)

select * from found
where slip is not null
