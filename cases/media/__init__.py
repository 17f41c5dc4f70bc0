"""Pictures from strangers, made safe to show. Pure: no Django."""
