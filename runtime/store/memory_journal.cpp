#include "runtime/store/memory_journal.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "runtime/store/damage.hpp"
#include "runtime/store/memory_state.hpp"

namespace switchboard::store {
namespace {

std::size_t bytes_of(const placed_record& r) {
  return r.body.key.size() + r.body.channel.size() + r.body.events.size();
}

}  // namespace

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

admission memory_journal::admits(work what) const {
  memory_state* state = nullptr;
  std::size_t used = 0, most = 0;
  {
    std::lock_guard lock(mutex_);
    if (refusal_ && what == work::begins) return {false, *refusal_};
    state = state_;
    used = bytes_;
    most = limit_;
  }
  if (what == work::reads) return {};
  if (state && state->full() && what >= work::goes_on) return {false, "the state has no room"};
  // Percent of the limit at which what frees, what goes on and what begins is refused.
  constexpr std::size_t refused_from[] = {0, 100, 95, 90};
  if (most > 0 && used * 100 >= most * refused_from[std::size_t(what)]) {
    return {false, "the journal is nearly as full as it may be"};
  }
  return {};
}

std::size_t memory_journal::bytes() const {
  std::lock_guard lock(mutex_);
  return bytes_;
}

void memory_journal::limit(std::size_t bytes) {
  std::lock_guard lock(mutex_);
  limit_ = bytes;
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
  const auto damaged = damaged_;
  lock.unlock();
  for (const auto& r : found) {
    if (damaged.contains(r.at)) {
      return tl::unexpected(error{errc::internal,
                                  "journal record " + std::to_string(r.at) + " is damaged", "",
                                  std::string(damaged_record), std::int64_t(r.at)});
    }
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
  std::size_t fits = 0;
  for (auto bytes = bytes_; fits < n; ++fits) {
    bytes += bytes_of(records_[static_cast<std::size_t>(durable_ + 1 - first_) + fits]);
    if (limit_ > 0 && bytes > limit_) break;
    bytes_ = bytes;
  }
  n = fits;
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
  position limit = std::min(projected(), durable());
  if (state_) limit = std::min(limit, state_->stored());
  std::lock_guard lock(mutex_);
  while (first_ < std::min(first, limit)) {
    bytes_ -= bytes_of(records_.front());
    records_.pop_front();
    ++first_;
  }
}

void memory_journal::damage(position at) {
  std::lock_guard lock(mutex_);
  damaged_.insert(at);
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
