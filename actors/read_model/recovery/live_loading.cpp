#include "actors/read_model/recovery/live_loading.hpp"

#include <iterator>
#include <string>
#include <thread>

#include "actors/read_model/projection/session_pulse.hpp"
#include "actors/read_model/projection/state_keys.hpp"
#include "runtime/codec/described.hpp"

namespace switchboard::recovery {
namespace {

namespace table = projecting::table;

struct shard_range {
  unsigned from = 0, to = 0;  // to: exclusive
  std::vector<session_state> sessions;
  std::string failure;
};

using pulses = std::vector<std::pair<session_id, projecting::session_pulse>>;

/// Pulses are small and lie beside the snapshots in the same order: read first, then walked along.
pulses read_pulses(const store::state_view& view, const shard_range& range,
                   std::string_view first) {
  pulses out;
  view.scan(table::pulse, first, [&](std::string_view key, std::string_view value) {
    auto id = projecting::session_of_live_key(key);
    if (!id || id->shard >= range.to) return false;
    if (auto p = projecting::decode_pulse(value)) out.emplace_back(*id, *p);
    return true;
  });
  return out;
}

void read_range(const store::state& state, shard_range& range) {
  // A session that is damaged is named by the state, and the others go on without it.
  auto view = state.lenient_view();
  std::string first(1, static_cast<char>(range.from));
  auto beats = read_pulses(*view, range, first);
  range.sessions.reserve(beats.size());
  auto beat = beats.begin();
  view->scan(table::live, first, [&](std::string_view key, std::string_view packed) {
    auto id = projecting::session_of_live_key(key);
    if (!id || id->shard >= range.to) return false;
    auto& s = range.sessions.emplace_back();
    if (!codec::unpack(packed, s)) {
      range.failure = "the snapshot of session " + id->text() + " cannot be read";
      return false;
    }
    while (beat != beats.end() && beat->first < *id) ++beat;
    if (beat != beats.end() && beat->first == *id) projecting::lay_over(s, beat->second);
    return true;
  });
}

}  // namespace

result<std::vector<session_state>> load_live(const store::state& state, unsigned threads) {
  std::vector<shard_range> ranges(
      std::max(1u, std::min(threads, static_cast<unsigned>(shard_count))));
  auto share = [&](std::size_t i) {
    return static_cast<unsigned>(i * shard_count / ranges.size());
  };
  std::vector<std::thread> workers;
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    ranges[i].from = share(i);
    ranges[i].to = share(i + 1);
    if (i > 0) workers.emplace_back([&state, &range = ranges[i]] { read_range(state, range); });
  }
  read_range(state, ranges.front());
  for (auto& w : workers) w.join();
  auto all = std::move(ranges.front().sessions);
  for (auto& r : ranges) {
    if (!r.failure.empty()) return fail(errc::internal, r.failure);
    if (&r != &ranges.front())
      all.insert(all.end(), std::move_iterator(r.sessions.begin()),
                 std::move_iterator(r.sessions.end()));
  }
  return all;
}

}  // namespace switchboard::recovery
