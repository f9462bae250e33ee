-- One row is: a person of the fagsystem extract who has no course that the own kommune handles or pays for: in a ledger
-- that is wider than the run the person is another kommune's, and no OE rule judges the postings.
-- stored
SELECT cpr FROM forloeb WHERE kilde = 'fagsystem' GROUP BY cpr HAVING NOT bool_or(egen OR egen_betaler)
