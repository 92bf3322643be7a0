// Only so that the precompiled headers belong to somebody.
