-- Functions of the engine: what a CPR text is. The definitions are those of cpr.dk, «Personnummeret i CPR»:
-- DDMMYY-SSSS, the seventh digit and the year give the century, an erstatningspersonnummer has 60 added to its day or
-- letters in its serial. The modulus 11 check is not guaranteed since 2007 and is no part of a CPR's class.
CREATE OR REPLACE MACRO cpr_aarhundrede(cpr) AS
    CASE
        WHEN substr(cpr, 7, 1) <= '3' THEN '19'
        WHEN substr(cpr, 7, 1) IN ('4', '9') THEN CASE WHEN substr(cpr, 5, 2) <= '36' THEN '20' ELSE '19' END
        ELSE CASE WHEN substr(cpr, 5, 2) <= '57' THEN '20' ELSE '18' END
    END;
CREATE OR REPLACE MACRO cpr_dag(cpr) AS
    CASE
        WHEN substr(cpr, 1, 2) > '60' THEN lpad(CAST(try_cast(substr(cpr, 1, 2) AS INTEGER) - 60 AS VARCHAR), 2, '0')
        ELSE substr(cpr, 1, 2)
    END;
CREATE OR REPLACE MACRO cpr_dato(cpr, aar) AS
    try_cast(concat(aar, '-', substr(cpr, 3, 2), '-', cpr_dag(cpr)) AS DATE);
-- The birth date in ten digits, or NULL.
CREATE OR REPLACE MACRO cpr_foedt(cpr) AS
    CASE
        WHEN regexp_full_match(cpr, '[0-9]{10}')
            THEN cpr_dato(cpr, concat(cpr_aarhundrede(cpr), substr(cpr, 5, 2)))
    END;
-- gyldigt, erstatningsnummer or ugyldigt; foedt is its cpr_foedt, where that is at hand.
CREATE OR REPLACE MACRO cpr_klasse_af(cpr, foedt) AS
    CASE
        WHEN foedt IS NOT NULL THEN CASE WHEN substr(cpr, 1, 2) > '60' THEN 'erstatningsnummer' ELSE 'gyldigt' END
        WHEN regexp_full_match(cpr, '[0-9]{6}[0-9A-ZÆØÅ]{4}') AND regexp_matches(cpr, '[A-ZÆØÅ]')
            AND cpr_dato(cpr, '2000') IS NOT NULL THEN 'erstatningsnummer'
        ELSE 'ugyldigt'
    END;
CREATE OR REPLACE MACRO cpr_klasse(cpr) AS cpr_klasse_af(cpr, cpr_foedt(cpr));
-- Whether ten digits satisfy the modulus 11 check.
CREATE OR REPLACE MACRO cpr_modulus11(cpr) AS
    regexp_full_match(cpr, '[0-9]{10}') AND (
        4 * try_cast(substr(cpr, 1, 1) AS INTEGER) + 3 * try_cast(substr(cpr, 2, 1) AS INTEGER)
        + 2 * try_cast(substr(cpr, 3, 1) AS INTEGER) + 7 * try_cast(substr(cpr, 4, 1) AS INTEGER)
        + 6 * try_cast(substr(cpr, 5, 1) AS INTEGER) + 5 * try_cast(substr(cpr, 6, 1) AS INTEGER)
        + 4 * try_cast(substr(cpr, 7, 1) AS INTEGER) + 3 * try_cast(substr(cpr, 8, 1) AS INTEGER)
        + 2 * try_cast(substr(cpr, 9, 1) AS INTEGER) + try_cast(substr(cpr, 10, 1) AS INTEGER)
    ) % 11 = 0
;
-- The ISO week of a day as it is written, 2020-U27; its year is that of its Thursday.
CREATE OR REPLACE MACRO iso_uge(dag) AS
    CAST(year(CAST(date_trunc('week', dag) AS DATE) + INTERVAL 3 DAY) AS VARCHAR)
    || '-U' || lpad(CAST(week(dag) AS VARCHAR), 2, '0');
