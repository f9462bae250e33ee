-- One row is: a person × ISO week × ydelse whose bruttoudgift nets to 0,00, which is no payment.
-- stored, person by person
SELECT cpr, mandag, ydelse FROM yr_netto WHERE bruttoudgift = 0
