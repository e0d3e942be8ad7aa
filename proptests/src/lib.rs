//! taipan-proptests.
