#include "runtime/store/memory_journal.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "runtime/store/memory_state.hpp"

namespace switchboard::store {

position memory_journal::append(record r) {
  std::lock_guard lock(mutex_);
  records_.push_back({++last_, std::move(r)});
  return last_;
}

position memory_journal::last() const {
  std::lock_guard lock(mutex_);
  return last_;
}

position memory_journal::durable() const {
  std::lock_guard lock(mutex_);
  return durable_;
}

position memory_journal::projected() const {
  std::lock_guard lock(mutex_);
  return state_ ? state_->projected() : projected_;
}

admission memory_journal::admits() const {
  std::lock_guard lock(mutex_);
  if (refusal_) return {false, *refusal_};
  return {};
}

int memory_journal::on_durable(std::function<void(position)> call) {
  return calls_.add(std::move(call));
}

void memory_journal::unsubscribe(int handle) {
  calls_.remove(handle);
}

result<position> memory_journal::read(
    position from, std::size_t limit,
    const std::function<bool(const placed_record&)>& visit) const {
  from = std::max<position>(from, 1);
  std::unique_lock lock(mutex_);
  const position end = durable_;
  if (from > end || limit == 0) return from;
  if (from < first_) {
    return tl::unexpected(error{errc::failed_precondition, "the journal begins later", "",
                                "first_position", std::int64_t(first_)});
  }
  const position stop = from + std::min<position>(limit, end - from + 1);
  // A copy, since `visit` may use the journal.
  const std::vector<placed_record> found(records_.begin() + (from - first_),
                                         records_.begin() + (stop - first_));
  lock.unlock();
  for (const auto& r : found) {
    if (!visit(r)) return r.at + 1;
  }
  return stop;
}

position memory_journal::first() const {
  std::lock_guard lock(mutex_);
  return first_;
}

std::size_t memory_journal::commit_some(std::size_t n) {
  std::unique_lock lock(mutex_);
  n = static_cast<std::size_t>(std::min<position>(n, last_ - durable_));
  if (n == 0) return 0;
  const position now_durable = durable_ + n;
  durable_ = now_durable;
  memory_state* state = state_;
  lock.unlock();
  if (state) state->fold_up_to(now_durable);
  calls_.call(now_durable);
  return n;
}

std::size_t memory_journal::commit_all() {
  return commit_some(std::numeric_limits<std::size_t>::max());
}

std::size_t memory_journal::uncommitted() const {
  std::lock_guard lock(mutex_);
  return static_cast<std::size_t>(last_ - durable_);
}

void memory_journal::crash() {
  calls_.clear();
  std::lock_guard lock(mutex_);
  records_.resize(records_.size() - static_cast<std::size_t>(last_ - durable_));
  last_ = durable_;
}

void memory_journal::trim_below(position first) {
  const position limit = std::min(projected(), durable());
  std::lock_guard lock(mutex_);
  while (first_ < std::min(first, limit)) {
    records_.pop_front();
    ++first_;
  }
}

void memory_journal::attach(memory_state* state) {
  std::lock_guard lock(mutex_);
  state_ = state;
}

void memory_journal::set_projected(position at) {
  std::lock_guard lock(mutex_);
  projected_ = at;
}

void memory_journal::refuse(std::optional<std::string> reason) {
  std::lock_guard lock(mutex_);
  refusal_ = std::move(reason);
}

}  // namespace switchboard::store
