-- One row is: a course, equal in every field, that the two deliveries do not have equally often, with what happened.
-- stored
SELECT n.*, a.aendring, a.vist
FROM levering_noegle AS n
INNER JOIN levering_aendring AS a ON a.kilde = n.kilde AND a.noegletype = n.noegletype AND a.noegle = n.noegle
WHERE n.i_foer <> n.i_nu
