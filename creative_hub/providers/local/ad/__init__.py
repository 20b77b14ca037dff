"""An ad from a product's page: a presenter who speaks, the product's pictures, captions, and a last card."""
