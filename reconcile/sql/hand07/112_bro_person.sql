-- One row is: a person who leaves the count of a dst_kode × quarter at a step of the bridge (aendring −1), or comes back (1).
SELECT dst_kode, periode, trin, cpr, aendring FROM bro_aendring WHERE aendring <> 0
