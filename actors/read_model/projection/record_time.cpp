#include "actors/read_model/projection/record_time.hpp"

#include <algorithm>
#include <optional>

#include "actors/read_model/projection/state_keys.hpp"
#include "runtime/store/damage.hpp"

namespace switchboard::projecting {
namespace {

constexpr std::string_view key = "now";
constexpr std::size_t number = 8;

timestamp time_of(std::string_view eight) {
  return from_unix_ms(static_cast<std::int64_t>(from_big_endian(eight)));
}

std::string bytes_of(timestamp t) {
  return big_endian(static_cast<std::uint64_t>(unix_ms(t)));
}

}  // namespace

record_time record_time::read(const store::state_view& view) {
  record_time t;
  std::optional<std::string> found;
  try {
    found = view.find(table::record_time, key);
  } catch (const store::damaged_data&) {
    // Said by the state.
  }
  if (!found || found->size() != 2 * number) return t;
  t.now_ = time_of(std::string_view(*found).substr(0, number));
  t.last_stamp_ = time_of(std::string_view(*found).substr(number));
  return t;
}

void record_time::write(store::state_batch& batch) const {
  if (begun()) batch.put(table::record_time, key, bytes_of(now_) + bytes_of(last_stamp_));
}

void record_time::note(timestamp stamp) {
  if (!begun()) {
    now_ = last_stamp_ = stamp;
    return;
  }
  const auto step = stamp - last_stamp_;
  if (step > millis{0}) now_ += std::min(step, longest_step);
  // Actors stamp before the journal orders: a little back is no clock that was set.
  if (step > millis{0} || step < -longest_step) last_stamp_ = stamp;
}

}  // namespace switchboard::projecting
