"""Files → canonical tables: readers of CSV, XLSX and Parquet, known formats, strict conversion."""
