/* SPDX-License-Identifier: MIT */
/*
 * Whether an internal disk is an SSD, and the size of the largest. Disks on USB, removable and
 * virtual ones do not count (the boot stick, say). "Rotational" is trusted for ATA disks; NVMe
 * disks never rotate; a RAID controller reports any value. Disks that firmware hides behind its own
 * RAID (Intel's RST) are invisible: with such a controller, absence is not certain.
 */
#include "parse/hardware/storage.h"

#include "parse/pci/pci.h"
#include "probe/probe.h"

#define STORAGE "storage"
#define PCI     "pci"

static const char *const wants[] = {STORAGE, PCI, NULL};

static const enum fact_id gives[] = {FACT_STORAGE_DISKS, FACT_STORAGE_SSD, FACT_STORAGE_SSD_SIZE,
                                     FACT_NONE};

enum {
    GB = 1000 * 1000 * 1000,
    WANTED_GB = 64,
    /* classes of PCI functions */
    RAID_CLASS = 0x0104,
    NVME_CLASS = 0x0108,
    UFS_CLASS = 0x0109,
    OTHER_STORAGE_CLASS = 0x0180,
};

/* Kinds of the internal disks. */
struct kinds {
    size_t internal, turning, doubtful, emmc;
    bool ssd, nvme;
    uint64_t largest;
};

static void count(struct kinds *k, const struct disk *d)
{
    bool outside = d->removable || d->bus == BUS_USB || d->bus == BUS_VIRTUAL;
    if (outside || d->bytes == 0)
        return;
    k->internal++;
    k->nvme |= d->bus == BUS_NVME;
    if (d->bus == BUS_MMC) {
        k->emmc++;
    } else if (d->bus == BUS_NOT_TOLD || (!d->has_rotational && d->bus != BUS_NVME) ||
               (d->rotational && d->bus != BUS_ATA)) {
        k->doubtful++;
    } else if (d->rotational) {
        k->turning++;
    } else {
        k->ssd = true;
        k->largest = d->bytes > k->largest ? d->bytes : k->largest;
    }
}

/* A RAID hides its disks; a controller without a listed disk may lack a driver. */
static bool hides_disks(unsigned class, const struct kinds *k)
{
    return class == RAID_CLASS || class == UFS_CLASS || class == OTHER_STORAGE_CLASS ||
           (class == NVME_CLASS && !k->nvme);
}

/* May there be invisible disks? */
static bool may_hide_disks(const struct probe_run *p, const struct kinds *k)
{
    const struct blob b = snap_get(p->snap, PCI);
    struct pci_tree tree;
    if (b.st != ST_OK || pci_parse(b.data, p->arena, &tree, NULL) != ST_OK)
        return true;
    for (size_t i = 0; i < tree.n; i++) {
        if (hides_disks(tree.functions[i].class_code >> 8, k))
            return true;
    }
    return false;
}

/* Why an SSD is not proven, or ST_OK: it is proven that there is none. */
static enum status why_none(const struct kinds *k, bool hides)
{
    if (k->emmc > 0)
        return ST_UNSUPPORTED;
    if (k->doubtful > 0)
        return ST_UNPROVABLE;
    return k->turning == 0 || hides ? ST_NO_DRIVER : ST_OK;
}

static void decide(const struct probe_run *p, const struct kinds *k)
{
    struct origin from = origin_of(STORAGE);
    bool hides = may_hide_disks(p, k);
    enum status st = k->ssd ? ST_OK : why_none(k, hides);
    facts_uint(p->facts, FACT_STORAGE_DISKS, k->internal, from);
    if (st != ST_OK) {
        facts_unknown(p->facts, FACT_STORAGE_SSD, st, from);
        facts_unknown(p->facts, FACT_STORAGE_SSD_SIZE, st, from);
        return;
    }
    facts_bool(p->facts, FACT_STORAGE_SSD, k->ssd, from);
    bool maybe_another = hides || k->doubtful + k->emmc > 0;
    if (!k->ssd)
        facts_unknown(p->facts, FACT_STORAGE_SSD_SIZE, ST_ABSENT, from);
    else if (k->largest / GB < WANTED_GB && maybe_another)
        facts_unknown(p->facts, FACT_STORAGE_SSD_SIZE, ST_NO_DRIVER, from);
    else
        facts_uint(p->facts, FACT_STORAGE_SSD_SIZE, k->largest / GB, from);
}

static void run(const struct probe_run *p)
{
    const struct blob b = snap_get(p->snap, STORAGE);
    struct origin from = origin_of(STORAGE);
    struct kinds k = {0};
    struct disks *disks = arena_new(p->arena, struct disks, 1);
    /* Only the host knows the medium below a VM's disk. */
    bool guest = p->facts->viewpoint == VIEW_GUEST;
    if (b.st != ST_OK || guest) {
        enum status why = b.st == ST_ABSENT ? ST_NOT_COLLECTED : b.st;
        facts_all_unknown(p->facts, gives, b.st == ST_OK ? ST_UNPROVABLE : why, from);
        return;
    }
    disks_parse(b.data, disks);
    for (size_t i = 0; i < disks->n; i++)
        count(&k, &disks->items[i]);
    decide(p, &k);
}

const struct probe probe_storage = {
    .name = "storage",
    .summary = "Whether an internal disk is an SSD, and how large",
    .wants = wants,
    .gives = gives,
    .run = run,
};
