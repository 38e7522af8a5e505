"""The vocabulary of the method: no input or output, no pandas, no database."""
