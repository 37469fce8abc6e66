"""The report for the city executive: one document of plain values, and what writes it as a page, PDF, DOCX or workbook."""
