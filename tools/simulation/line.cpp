#include "tools/simulation/line.hpp"

#include <cstring>
#include <stdexcept>

namespace switchboard::simulation {
namespace {

constexpr auto everything = ~store::position{0} / 2;
/// So small that a burst takes several writes.
constexpr std::size_t write_bytes = 64;
constexpr std::size_t mark_bytes = sizeof(std::uint64_t);

}  // namespace

std::string line::mark(std::uint64_t number) const {
  std::string bytes(mark_bytes, '\0');
  std::memcpy(bytes.data(), &number, mark_bytes);
  return bytes;
}

void line::put(store::position after, arrival a) {
  if (!open_ || ending_) return;
  auto number = mark(first_ + held_.size());
  constexpr std::uint32_t some_call = 0;
  const bool reply = a.what != arrival::kind::notification;
  held_.push_back(std::move(a));
  if (lane_.put(after, number, {}, reply ? &some_call : nullptr))
    out_.gate.list(shared_from_this(), leaky_ ? 0 : lane_.waits_for());
}

void line::release(store::position durable) {
  if (!open_) return;
  channel::gated_queue::released holds;
  switch (lane_.release(leaky_ ? everything : durable, write_bytes, under_way_, holds)) {
    case channel::output_lane::next::write:
      return out_.writing.push_back(shared_from_this());
    case channel::output_lane::next::list:
      return out_.gate.list(shared_from_this(), lane_.waits_for());
    case channel::output_lane::next::nothing:
      break;
  }
  if (ending_ && lane_.empty() && !lane_.writing()) open_ = false;
}

void line::write_on(store::position durable) {
  if (!open_) return;
  auto bytes = std::exchange(under_way_, {});
  for (std::size_t at = 0; at < bytes.size() && open_; at += mark_bytes) {
    if (bytes.compare(at, mark_bytes, mark(first_)) != 0)
      throw std::logic_error("the output of a connection is not what was put in");
    auto next = std::move(held_.front());
    held_.pop_front();
    ++first_;
    to_(next);
  }
  lane_.written();
  release(durable);
}

void line::end() {
  ending_ = true;
  if (lane_.empty() && !lane_.writing()) open_ = false;
}

void line::drop() {
  open_ = false;
  held_.clear();
  lane_.clear();
  under_way_.clear();
}

}  // namespace switchboard::simulation
