#include "adapters/channel/transport/output_lane.hpp"

namespace switchboard::channel {

bool output_lane::put(store::position after, std::string_view head, std::string_view body, bool reply) {
  queue_.push(after, head, body, reply);
  if (listed_ || writing_) return false;
  return listed_ = true;
}

output_lane::next output_lane::release(store::position durable, std::size_t most, std::string& out,
                                       gated_queue::released& holds) {
  listed_ = false;
  // What is written when the write ends is looked at then.
  if (writing_) return next::nothing;
  holds = queue_.take(durable, most, out);
  if (holds.frames > 0) {
    writing_ = true;
    writing_bytes_ = out.size();
    return next::write;
  }
  listed_ = !queue_.empty();
  return listed_ ? next::list : next::nothing;
}

void output_lane::written() {
  writing_ = false;
  writing_bytes_ = 0;
}

}  // namespace switchboard::channel
