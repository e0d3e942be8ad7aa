//! The algorithms.

use digest::{ExtendableOutput as _, FixedOutput as _, XofReader as _};

/// Makes the enum of algorithms and all that goes by algorithm.
macro_rules! algorithms {
    ($($id:ident $name:literal $block:literal $size:literal $state:ty;)*) => {
        /// A hash function.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(in crate::modules) enum Algorithm {
            $(
                #[doc = $name]
                $id,
            )*
            /// BLAKE2b
            Blake2b,
            /// BLAKE2s
            Blake2s,
        }

        /// A hash function at work.
        #[derive(Clone)]
        pub(in crate::modules) enum State {
            $(
                #[doc = $name]
                $id(Box<$state>),
            )*
            /// BLAKE2b
            Blake2b(Box<blake2b_simd::State>, usize),
            /// BLAKE2s
            Blake2s(Box<blake2s_simd::State>, usize),
        }

        impl Algorithm {
            /// Names of the plain algorithms.
            pub(super) const NAMES: &[&str] = &[$($name,)* "blake2b512", "blake2s256"];

            /// `hash.name`.
            pub(super) fn name(self) -> &'static str {
                match self {
                    $(Self::$id => $name,)*
                    Self::Blake2b => "blake2b",
                    Self::Blake2s => "blake2s",
                }
            }

            /// `hash.block_size`.
            pub(super) fn block_size(self) -> usize {
                match self {
                    $(Self::$id => $block,)*
                    Self::Blake2b => 128,
                    Self::Blake2s => 64,
                }
            }

            /// By name, in OpenSSL's spellings.
            pub(super) fn find(name: &str) -> Option<Self> {
                let name = name.to_ascii_lowercase().replace('-', "_");
                match name.as_str() {
                    $($name => Some(Self::$id),)*
                    "sha_1" => Some(Self::Sha1),
                    "sha2_224" | "sha_224" => Some(Self::Sha224),
                    "sha2_256" | "sha_256" => Some(Self::Sha256),
                    "sha2_384" | "sha_384" => Some(Self::Sha384),
                    "sha2_512" | "sha_512" => Some(Self::Sha512),
                    "shake128" => Some(Self::Shake128),
                    "shake256" => Some(Self::Shake256),
                    "blake2b512" | "blake2b" => Some(Self::Blake2b),
                    "blake2s256" | "blake2s" => Some(Self::Blake2s),
                    _ => None,
                }
            }
        }

        impl State {
            /// A fresh state with the algorithm's usual parameters.
            pub(super) fn new(algorithm: Algorithm) -> Self {
                match algorithm {
                    $(Algorithm::$id => Self::$id(Box::default()),)*
                    Algorithm::Blake2b => Self::Blake2b(Box::new(blake2b_simd::State::new()), 64),
                    Algorithm::Blake2s => Self::Blake2s(Box::new(blake2s_simd::State::new()), 32),
                }
            }

            /// Takes in more data.
            pub(super) fn update(&mut self, data: &[u8]) {
                match self {
                    $(Self::$id(s) => digest::Update::update(&mut **s, data),)*
                    Self::Blake2b(s, _) => { s.update(data); }
                    Self::Blake2s(s, _) => { s.update(data); }
                }
            }

            /// Length of the digest; 0 where the caller says it.
            pub(super) fn digest_size(&self) -> usize {
                match self {
                    $(Self::$id(_) => $size,)*
                    Self::Blake2b(_, size) | Self::Blake2s(_, size) => *size,
                }
            }
        }
    };
}

algorithms! {
    Md5 "md5" 64 16 md5::Md5;
    Sha1 "sha1" 64 20 sha1::Sha1;
    Sha224 "sha224" 64 28 sha2::Sha224;
    Sha256 "sha256" 64 32 sha2::Sha256;
    Sha384 "sha384" 128 48 sha2::Sha384;
    Sha512 "sha512" 128 64 sha2::Sha512;
    Sha3_224 "sha3_224" 144 28 sha3::Sha3_224;
    Sha3_256 "sha3_256" 136 32 sha3::Sha3_256;
    Sha3_384 "sha3_384" 104 48 sha3::Sha3_384;
    Sha3_512 "sha3_512" 72 64 sha3::Sha3_512;
    Shake128 "shake_128" 168 0 sha3::Shake128;
    Shake256 "shake_256" 136 0 sha3::Shake256;
}

impl Algorithm {
    /// Whether the caller says how long the digest is.
    pub(super) fn is_extendable(self) -> bool {
        matches!(self, Self::Shake128 | Self::Shake256)
    }
}

impl State {
    /// The digest, `len` bytes of it where the caller says how many.
    pub(super) fn finish(self, len: usize) -> Vec<u8> {
        match self {
            Self::Md5(s) => s.finalize_fixed().to_vec(),
            Self::Sha1(s) => s.finalize_fixed().to_vec(),
            Self::Sha224(s) => s.finalize_fixed().to_vec(),
            Self::Sha256(s) => s.finalize_fixed().to_vec(),
            Self::Sha384(s) => s.finalize_fixed().to_vec(),
            Self::Sha512(s) => s.finalize_fixed().to_vec(),
            Self::Sha3_224(s) => s.finalize_fixed().to_vec(),
            Self::Sha3_256(s) => s.finalize_fixed().to_vec(),
            Self::Sha3_384(s) => s.finalize_fixed().to_vec(),
            Self::Sha3_512(s) => s.finalize_fixed().to_vec(),
            Self::Shake128(s) => {
                let mut out = vec![0; len];
                s.finalize_xof().read(&mut out);
                out
            }
            Self::Shake256(s) => {
                let mut out = vec![0; len];
                s.finalize_xof().read(&mut out);
                out
            }
            Self::Blake2b(s, _) => s.finalize().as_bytes().to_vec(),
            Self::Blake2s(s, _) => s.finalize().as_bytes().to_vec(),
        }
    }
}
