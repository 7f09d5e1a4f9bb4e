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

const struct libs test_libs = {.cpuid = CPUID, .mu = &mu};
