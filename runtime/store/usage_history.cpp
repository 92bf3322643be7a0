#include "runtime/store/usage_history.hpp"

#include <algorithm>
#include <cstring>

namespace switchboard::store {
namespace {

constexpr std::size_t sample_bytes = 16;

}  // namespace

bool usage_history::due(timestamp now) const {
  return samples_.empty() || now < samples_.back().at || now - samples_.back().at >= apart;
}

void usage_history::note(timestamp now, std::uint64_t used) {
  if (!samples_.empty() && now < samples_.back().at) samples_.clear();
  samples_.push_back({now, used});
  while (now - samples_.front().at > kept) samples_.pop_front();
}

std::optional<double> usage_history::days_until(std::uint64_t limit) const {
  if (samples_.empty()) return std::nullopt;
  const auto& [from, used_then] = samples_.front();
  const auto& [to, used_now] = samples_.back();
  if (to - from < least || used_now <= used_then) return std::nullopt;
  if (used_now >= limit) return 0.0;
  const double days = double((to - from).count()) / double(millis{24LL * 3'600'000}.count());
  return double(limit - used_now) / (double(used_now - used_then) / days);
}

std::string usage_history::encode() const {
  std::string out;
  for (const auto& s : samples_) {
    const std::int64_t at = unix_ms(s.at);
    out.append(reinterpret_cast<const char*>(&at), sizeof at);
    out.append(reinterpret_cast<const char*>(&s.used), sizeof s.used);
  }
  return out;
}

usage_history usage_history::decode(std::string_view bytes) {
  usage_history out;
  if (bytes.size() % sample_bytes != 0) return out;
  for (; !bytes.empty(); bytes.remove_prefix(sample_bytes)) {
    std::int64_t at = 0;
    std::uint64_t used = 0;
    std::memcpy(&at, bytes.data(), sizeof at);
    std::memcpy(&used, bytes.data() + sizeof at, sizeof used);
    out.note(from_unix_ms(at), used);
  }
  return out;
}

}  // namespace switchboard::store
