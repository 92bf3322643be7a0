#include "adapters/channel/transport/output_lane.hpp"

namespace switchboard::channel {

bool output_lane::put(store::position after, std::string_view head, std::string_view body,
                      const std::uint32_t* answers) {
  queue_.push(after, head, body, answers);
  if (listed_ || writing_) return false;
  return listed_ = true;
}

bool output_lane::put_at_once(std::string_view head, std::string_view body) {
  // Nobody takes it out again by its number.
  constexpr std::uint32_t some_call = 0;
  refusals_.push(0, head, body, &some_call);
  if (writing_) return false;
  // Listed for a position that is still to come, it would wait with the rest: listed twice it is
  // released at once, and the second time finds nothing to do.
  return listed_ = true;
}

output_lane::next output_lane::release(store::position durable, std::size_t most, std::string& out,
                                       gated_queue::released& holds) {
  listed_ = false;
  // What is written when the write ends is looked at then.
  if (writing_) return next::nothing;
  // While nothing waits, in the order of the calls.
  auto& first = queue_.empty() || queue_.front() > durable ? refusals_ : queue_;
  holds = first.take(durable, most, out);
  if (holds.frames > 0) {
    writing_ = true;
    writing_bytes_ = out.size();
    return next::write;
  }
  listed_ = !empty();
  return listed_ ? next::list : next::nothing;
}

void output_lane::written() {
  writing_ = false;
  writing_bytes_ = 0;
}

}  // namespace switchboard::channel
