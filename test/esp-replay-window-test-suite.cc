/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-test-compat.h"

#include "ns3/esp-replay-window.h"
#include "ns3/test.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

namespace ns3
{
namespace ike
{
namespace tests
{

namespace
{

/// The window as a table of numbers and what they meet.
class ReplayWindowTableTestCase : public TestCase
{
  public:
    ReplayWindowTableTestCase()
        : TestCase("replay window: table")
    {
    }

  private:
    /// One number, and the answer to it.
    struct Step
    {
        uint64_t sequence;   ///< offered, and accepted when it is good
        DropReason expected; ///< what Check() says
    };

    void DoRun() override
    {
        const auto good = DropReason::None;
        const auto old = DropReason::TooOld;
        const auto again = DropReason::Replayed;
        Play("in order", 4, {{1, good}, {2, good}, {3, good}, {4, good}, {5, good}, {6, good}});
        Play("out of order", 4, {{4, good}, {2, good}, {3, good}, {1, good}, {2, again}});
        Play("zero", 4, {{0, old}, {1, good}, {0, old}});
        Play("edge", 4, {{10, good}, {7, good}, {6, old}, {7, again}, {11, good}, {7, old}});
        Play("replayed", 64, {{1, good}, {1, again}, {9, good}, {1, again}, {9, again}});
        Play("size 1", 1, {{1, good}, {1, again}, {3, good}, {2, old}, {3, again}, {4, good}});
        Play("size 0", 0, {{5, good}, {5, good}, {1, good}, {0, good}});
        Play("ring", 3, {{3, good}, {5, good}, {4, good}, {3, again}, {6, good}, {3, old}});
        Play("jump of the size", 4, {{1, good}, {2, good}, {6, good}, {5, good}, {3, good}});
        Play("long jump", 4, {{4, good}, {1004, good}, {1003, good}, {1001, good}, {1000, old}});
        Play("last numbers",
             64,
             {{0xfffffffe, good}, {0xffffffff, good}, {0xffffffff, again}, {1, old}});
        Play("size is exact", 65, {{165, good}, {101, good}, {100, old}, {101, again}});
        Play("beyond 32 bits",
             64,
             {{0xffffffff, good}, {0x100000001, good}, {0x100000000, good}, {0xffffffff, again}});
        Play("last of all",
             64,
             {{0xfffffffffffffffe, good}, {0xffffffffffffffff, good}, {0xffffffffffffffff, again}});
        Play("large",
             100000,
             {{100000, good}, {1, good}, {1, again}, {100001, good}, {1, old}, {2, good}});
        Play("large, jump",
             100000,
             {{7, good}, {100070, good}, {71, good}, {70, old}, {100007, good}, {107, good}});
        Play("whole range", 0x10000, {{1, good}, {0xffffffff, good}, {0xffff0000, good}});
    }

    void Play(const std::string& name, uint32_t size, const std::vector<Step>& steps)
    {
        EspReplayWindow window(size);
        uint64_t highest = 0;
        for (const Step& step : steps)
        {
            const DropReason got = window.Check(step.sequence);
            NS_TEST_EXPECT_MSG_EQ(ToString(got),
                                  ToString(step.expected),
                                  name << ", number " << step.sequence);
            if (got == DropReason::None)
            {
                window.Accept(step.sequence);
                highest = std::max(highest, step.sequence);
            }
            NS_TEST_EXPECT_MSG_EQ(window.GetHighest(), highest, name << ": right edge");
        }
    }
};

/// The ring against a plain set of numbers, over a long pseudo-random walk.
class ReplayWindowModelTestCase : public TestCase
{
  public:
    ReplayWindowModelTestCase()
        : TestCase("replay window: against a set")
    {
    }

  private:
    void DoRun() override
    {
        for (uint32_t size : {1U, 2U, 3U, 31U, 63U, 64U, 65U, 100U, 128U, 129U})
        {
            Walk(size);
        }
    }

    static DropReason Expected(const std::set<uint32_t>& seen, uint32_t size, uint32_t number)
    {
        const uint32_t highest = seen.empty() ? 0 : *seen.rbegin();
        if (number > highest)
        {
            return DropReason::None;
        }
        if (number == 0 || number + size <= highest)
        {
            return DropReason::TooOld;
        }
        return seen.count(number) ? DropReason::Replayed : DropReason::None;
    }

    void Walk(uint32_t size)
    {
        EspReplayWindow window(size);
        std::set<uint32_t> seen;
        uint32_t random = size;
        uint32_t mistakes = 0;
        for (uint32_t i = 0; i < 3000; i++)
        {
            random = random * 1664525 + 1013904223;
            // Around the right edge, and now and then far beyond it.
            const uint32_t reach = i % 50 == 0 ? 5 * size : 2 * size + 4;
            const auto highest = static_cast<uint32_t>(window.GetHighest());
            const uint32_t left = std::min<uint32_t>(highest, size + 2);
            const uint32_t number = highest - left + (random >> 8) % reach;
            const DropReason expected = Expected(seen, size, number);
            mistakes += window.Check(number) == expected ? 0 : 1;
            if (expected == DropReason::None)
            {
                window.Accept(number);
                seen.insert(number);
            }
        }
        NS_TEST_EXPECT_MSG_EQ(mistakes, 0, "size " << size);
    }
};

/// Which extended number do 32 bits mean (RFC 4303 appendix A2.1)?
class ReplayWindowInferTestCase : public TestCase
{
  public:
    ReplayWindowInferTestCase()
        : TestCase("replay window: extended numbers")
    {
    }

  private:
    /// One question.
    struct Row
    {
        const char* name;  ///< the case
        uint32_t size;     ///< of the window
        uint64_t highest;  ///< right edge
        uint32_t low;      ///< as in the packet
        uint64_t expected; ///< the whole number
    };

    void DoRun() override
    {
        const Row rows[] = {
            {"the first", 64, 0, 1, 1},
            {"nothing before the first subspace", 64, 0, 0xffffffff, 0xffffffff},
            {"case A, right", 64, 0x5000003e8, 1001, 0x5000003e9},
            {"case A, far right", 64, 0x5000003e8, 0xffffffff, 0x5ffffffff},
            {"case A, left edge", 64, 0x5000003e8, 937, 0x5000003a9},
            {"case A, left of it: the next subspace", 64, 0x5000003e8, 936, 0x6000003a8},
            {"case A, just", 64, 0x50000003f, 0, 0x500000000},
            {"case B, just", 64, 0x50000003e, 0xffffffff, 0x4ffffffff},
            {"case B, left edge", 64, 0x50000000a, 0xffffffcb, 0x4ffffffcb},
            {"case B, left of it: far right", 64, 0x50000000a, 0xffffffca, 0x5ffffffca},
            {"case B, in this subspace", 64, 0x50000000a, 0, 0x500000000},
            {"case B, right", 64, 0x50000000a, 11, 0x50000000b},
            {"nothing behind the last subspace", 64, 0xffffffff000003e8, 5, 0xffffffff00000005},
            {"large window", 65536, 0x500000000, 0xffff0001, 0x4ffff0001},
            {"large window, left of it", 65536, 0x500000000, 0xffff0000, 0x5ffff0000},
            {"one packet", 1, 0x500000010, 0x10, 0x500000010},
            {"one packet, below", 1, 0x500000010, 0xf, 0x60000000f},
            {"no window, nearest below", 0, 0x500000010, 0xfffffff0, 0x4fffffff0},
            {"no window, nearest above", 0, 0x5fffffff0, 0x10, 0x600000010},
        };
        for (const Row& row : rows)
        {
            EspReplayWindow window(row.size);
            if (row.highest != 0)
            {
                window.Accept(row.highest);
            }
            NS_TEST_EXPECT_MSG_EQ(window.Infer(row.low), row.expected, row.name);
        }
    }
};

/// The anti-replay window of RFC 4303 3.4.3.
class EspReplayWindowTestSuite : public TestSuite
{
  public:
    EspReplayWindowTestSuite()
        : TestSuite("esp-replay-window", Type::UNIT)
    {
        AddTestCase(new ReplayWindowTableTestCase, TestDuration::QUICK);
        AddTestCase(new ReplayWindowModelTestCase, TestDuration::QUICK);
        AddTestCase(new ReplayWindowInferTestCase, TestDuration::QUICK);
    }
};

EspReplayWindowTestSuite g_espReplayWindowTestSuite; ///< registers itself

} // namespace

} // namespace tests
} // namespace ike
} // namespace ns3
