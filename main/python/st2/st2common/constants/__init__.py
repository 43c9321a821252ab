"""Names that packs import instead of writing them."""
