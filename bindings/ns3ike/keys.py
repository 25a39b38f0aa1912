# SPDX-License-Identifier: GPL-2.0-only
"""Keys of IKEv1: Diffie-Hellman, SKEYID and its family, KEYMAT, IVs, HASH(1..3), ciphers.

Names are those of RFC 2409: ni and nr are Ni_b and Nr_b, cky_i and cky_r the cookies, shared is
g^xy. Octets are bytes; a hash is "md5", "sha1", "sha256", "sha384" or "sha512"; lengths are octets.
"""
from ._ns3ike import (Skeyid, decrypt, dh, encrypt, encryption_key, hash, hash1, hash2, hash3,
                      keymat, mac, phase1_hash, phase1_iv, phase2_iv, prf, private_length,
                      public_length, skeyid_psk, skeyid_signature)

__all__ = ["Skeyid", "decrypt", "dh", "encrypt", "encryption_key", "hash", "hash1", "hash2",
           "hash3", "keymat", "mac", "phase1_hash", "phase1_iv", "phase2_iv", "prf",
           "private_length", "public_length", "skeyid_psk", "skeyid_signature"]
