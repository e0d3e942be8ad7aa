//! taipan-objects.
