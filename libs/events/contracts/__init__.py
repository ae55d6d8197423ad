"""What the outside may rely on: JSON Schemas, examples and an AsyncAPI document, generated from the catalogue."""
