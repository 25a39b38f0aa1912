/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * Links the whole archive of the pure part and the crypto library, and nothing else: that this
 * program links at all is the proof that the rooms left of host need no ns-3.
 */
int
main()
{
    return 0;
}
