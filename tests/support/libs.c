/* SPDX-License-Identifier: MIT */
#include "support/libs.h"

#if VBSCHECK_HAVE_LIBCPUID
#include <libcpuid/libcpuid.h>

static const struct cpuid_lib cpuid = {.cpu_identify = cpu_identify};
#define CPUID &cpuid
#else
#define CPUID NULL
#endif

static const struct tss2_mu_lib mu = {
    .Tss2_MU_BYTE_Unmarshal = Tss2_MU_BYTE_Unmarshal,
    .Tss2_MU_TPMS_CAPABILITY_DATA_Unmarshal = Tss2_MU_TPMS_CAPABILITY_DATA_Unmarshal,
};

#if VBSCHECK_HAVE_LIBCRYPTO
#include <openssl/evp.h>
#include <openssl/sha.h>

static const struct digest_lib digest = {
    .SHA256 = SHA256,
    .EVP_MD_CTX_new = EVP_MD_CTX_new,
    .EVP_MD_CTX_free = EVP_MD_CTX_free,
    .EVP_DigestInit_ex = EVP_DigestInit_ex,
    .EVP_DigestUpdate = EVP_DigestUpdate,
    .EVP_DigestFinal_ex = EVP_DigestFinal_ex,
    .EVP_sha1 = EVP_sha1,
    .EVP_sha256 = EVP_sha256,
    .EVP_sha384 = EVP_sha384,
    .EVP_sha512 = EVP_sha512,
};
const struct digest_lib *const test_digest = &digest;
#else
const struct digest_lib *const test_digest = NULL;
#endif

#if VBSCHECK_HAVE_LIBXML2
#include <libxml/xmlreader.h>

static const struct xml_lib xml = {
    .xmlReaderForMemory = xmlReaderForMemory,
    .xmlFreeTextReader = xmlFreeTextReader,
    .xmlTextReaderRead = xmlTextReaderRead,
    .xmlTextReaderNodeType = xmlTextReaderNodeType,
    .xmlTextReaderDepth = xmlTextReaderDepth,
    .xmlTextReaderMoveToNextAttribute = xmlTextReaderMoveToNextAttribute,
    .xmlTextReaderConstLocalName = xmlTextReaderConstLocalName,
    .xmlTextReaderConstValue = xmlTextReaderConstValue,
};
const struct xml_lib *const test_xml = &xml;
#else
const struct xml_lib *const test_xml = NULL;
#endif

const struct libs test_libs = {.cpuid = CPUID, .mu = &mu};
