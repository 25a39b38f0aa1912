/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-compute-pool.h"

#include <utility>

namespace ns3
{
namespace ike
{

namespace
{

ComputePool* g_pool = nullptr; ///< in use; belongs to the thread of the simulation

} // namespace

class ComputePool::Task
{
  public:
    /// How far it is.
    enum class State : uint8_t
    {
        Posted,
        Begun,
        Done,
    };

    DhJob job;                  ///< not changed once posted
    State state{State::Posted}; ///< guarded by the pool
    DhResult result;            ///< when it is done
    std::exception_ptr failure; ///< what came instead
};

ComputePool::ComputePool(unsigned threads, ProviderKind kind)
{
    for (unsigned i = 0; i < threads; ++i)
    {
        m_providers.push_back(MakeProvider(kind));
    }
    for (unsigned i = 1; i < threads; ++i)
    {
        m_threads.emplace_back([this, provider = m_providers[i].get()] { Work(*provider); });
    }
}

ComputePool::~ComputePool()
{
    if (g_pool == this)
    {
        g_pool = nullptr;
    }
    {
        const std::lock_guard<std::mutex> lock(m_mutex);
        m_ends = true;
    }
    m_posted.notify_all();
    for (std::thread& thread : m_threads)
    {
        thread.join();
    }
}

std::shared_ptr<ComputePool::Task>
ComputePool::Post(const DhJob& job)
{
    auto task = std::make_shared<Task>();
    task->job = job;
    {
        const std::lock_guard<std::mutex> lock(m_mutex);
        m_tasks.push_back(task);
    }
    m_posted.notify_one();
    return task;
}

DhResult
ComputePool::Collect(const std::shared_ptr<Task>& task)
{
    std::unique_lock<std::mutex> lock(m_mutex);
    CryptoProvider& provider = *m_providers.front();
    if (task->state == Task::State::Posted)
    {
        Do(lock, *task, provider);
    }
    while (task->state != Task::State::Done)
    {
        if (const auto other = Pop())
        {
            Do(lock, *other, provider);
        }
        else
        {
            m_done.wait(lock);
        }
    }
    if (task->failure)
    {
        std::rethrow_exception(task->failure);
    }
    return std::move(task->result);
}

uint64_t
ComputePool::GetHelped() const
{
    const std::lock_guard<std::mutex> lock(m_mutex);
    return m_helped;
}

void
ComputePool::Use(ComputePool* pool)
{
    g_pool = pool;
}

ComputePool*
ComputePool::Get()
{
    return g_pool;
}

void
ComputePool::Work(CryptoProvider& provider)
{
    std::unique_lock<std::mutex> lock(m_mutex);
    while (!m_ends)
    {
        if (const auto task = Pop())
        {
            Do(lock, *task, provider);
            ++m_helped;
        }
        else
        {
            m_posted.wait(lock);
        }
    }
}

std::shared_ptr<ComputePool::Task>
ComputePool::Pop()
{
    while (!m_tasks.empty())
    {
        const auto task = m_tasks.front().lock();
        m_tasks.pop_front();
        if (task && task->state == Task::State::Posted)
        {
            return task;
        }
    }
    return nullptr;
}

void
ComputePool::Do(std::unique_lock<std::mutex>& lock, Task& task, CryptoProvider& provider)
{
    task.state = Task::State::Begun;
    lock.unlock();
    DhResult result;
    std::exception_ptr failure;
    try
    {
        result = provider.Run(task.job);
    }
    catch (...)
    {
        failure = std::current_exception();
    }
    lock.lock();
    task.result = std::move(result);
    task.failure = failure;
    task.state = Task::State::Done;
    m_done.notify_all();
}

} // namespace ike
} // namespace ns3
