#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Makes the certificates of the tests with the openssl command alone, and writes them as PEM files
# beside this script and as hexadecimal DER into ../ike-test-pki.cc. The keys are for tests only.
# All are valid from 2026-01-01 to 2030-12-31, the one of 2027 in that year alone. r1.sig is what
# r1.key makes of the 20 octets 00 to 13, as RFC 2409 5.1 asks for: without the OID of a hash.
set -e
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
touch index.txt
cat >ca.cnf <<'CNF'
[ca]
default_ca = any
[any]
dir = .
database = index.txt
new_certs_dir = .
rand_serial = yes
default_md = sha256
policy = anything
unique_subject = no
[anything]
organizationName = optional
commonName = supplied
[req]
prompt = no
distinguished_name = empty
string_mask = utf8only
[empty]
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[r1]
basicConstraints = CA:FALSE
keyUsage = digitalSignature
subjectAltName = IP:10.0.0.1, DNS:r1.example.org, email:admin@r1.example.org
[r2]
basicConstraints = CA:FALSE
keyUsage = digitalSignature
subjectAltName = IP:10.0.0.2, DNS:r2.example.org, email:admin@r2.example.org
[bare]
basicConstraints = CA:FALSE
[cipher]
basicConstraints = CA:FALSE
keyUsage = keyEncipherment
subjectAltName = IP:10.0.0.2
CNF

# name, subject: a key, PKCS #8, and a request
request() {
    openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$1.key" 2>/dev/null ||
        openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$1.key" 2>/dev/null
    openssl req -new -config ca.cnf -key "$1.key" -subj "$2" -out "$1.csr"
}
# name, issuer, extensions, first year, last year
sign() {
    issuer="-cert $2.crt -keyfile $2.key"
    [ "$1" != "$2" ] || issuer="-selfsign -keyfile $1.key"
    openssl ca -batch -config ca.cnf $issuer -extensions "$3" -in "$1.csr" -out "$1.crt" -notext \
        -startdate "$4"0101000000Z -enddate "$5"1231235959Z 2>/dev/null
}

request root "/O=Example/CN=Root"
sign root root authority 2026 2030
request middle "/O=Example/CN=Middle"
sign middle root authority 2026 2030
request other "/O=Other/CN=Root"
sign other other authority 2026 2030
request r1 "/O=Example/CN=r1"
sign r1 root r1 2026 2030
request r2 "/O=Example/CN=r2"
sign r2 middle r2 2026 2030
for name in r2-of-2027 r2-of-other r2-bare r2-of-r1 r2-cipher; do
    cp r2.key "$name.key"
    openssl req -new -config ca.cnf -key r2.key -subj "/O=Example/CN=r2" -out "$name.csr"
done
sign r2-of-2027 root r2 2027 2027
sign r2-of-other other r2 2026 2030
sign r2-bare root bare 2026 2030
sign r2-of-r1 r1 r2 2026 2030
sign r2-cipher root cipher 2026 2030

{
    cat <<'CC'
/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
// Written by pki/make-pki.sh.
#include "ike-test-pki.h"

#include "ike-test-octets.h"

#include <map>

namespace ns3
{
namespace ike
{
namespace tests
{

// clang-format off
Octets
PkiFile(const std::string& name)
{
    static const std::map<std::string, const char*> files = {
CC
    for name in root middle other r1 r2 r2-of-2027 r2-of-other r2-bare r2-of-r1 r2-cipher; do
        cp "$name.crt" "$here/$name.crt"
        openssl x509 -in "$name.crt" -outform DER -out out.der
        printf '        {"%s.crt",\n' "$name"
        od -An -v -tx1 out.der | tr -d ' \n' | fold -w 84 | sed 's/.*/         "&"/'
        printf '},\n'
    done
    for name in r1 r2; do
        cp "$name.key" "$here/$name.key"
        openssl pkcs8 -topk8 -nocrypt -in "$name.key" -outform DER -out out.der
        printf '        {"%s.key",\n' "$name"
        od -An -v -tx1 out.der | tr -d ' \n' | fold -w 84 | sed 's/.*/         "&"/'
        printf '},\n'
    done
    printf '\000\001\002\003\004\005\006\007\010\011\012\013\014\015\016\017\020\021\022\023' |
        openssl pkeyutl -sign -inkey r1.key -pkeyopt rsa_padding_mode:pkcs1 -out out.der
    printf '        {"r1.sig",\n'
    od -An -v -tx1 out.der | tr -d ' \n' | fold -w 84 | sed 's/.*/         "&"/'
    printf '},\n'
    cat <<'CC'
    };
    return Hex(files.at(name));
}

// clang-format on

} // namespace tests
} // namespace ike
} // namespace ns3
CC
} >"$here/../ike-test-pki.cc"
