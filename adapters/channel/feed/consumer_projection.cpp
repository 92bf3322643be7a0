#include "adapters/channel/feed/consumer_projection.hpp"

#include <stdexcept>
#include <utility>

namespace switchboard {

namespace {

constexpr std::string_view consumers = "consumers";
constexpr std::size_t read_chunk = 4096;

class consumer_projection final : public store::projection {
 public:
  std::vector<std::string> tables() const override { return {std::string(consumers)}; }

  void fold(const store::placed_record& r, const store::state_view&) override {
    if (r.body.kind == store::entity_kind::channel) touched_[r.body.key] = r.body.events;
  }

  void flush(store::state_batch& batch) override {
    for (auto& [key, packed] : touched_) {
      if (packed.empty()) {
        batch.erase(consumers, key);
      } else {
        batch.put(consumers, key, packed);
      }
    }
    touched_.clear();
  }

 private:
  std::map<std::string, std::string> touched_;
};

/// False where the bytes are no consumer's.
bool take(consumer_table& into, std::string_view key, std::string_view packed) {
  auto zero = key.find('\0');
  if (zero == key.npos) return false;
  auto& consumers_there = into[std::string(key.substr(0, zero))];
  std::string name(key.substr(zero + 1));
  if (packed.empty()) {
    consumers_there.erase(name);
    return true;
  }
  consumer_record found;
  if (!codec::unpack(packed, found)) return false;
  // The projector may have run on since the tail's beginning was noted.
  auto& kept = consumers_there[name];
  if (found.seq >= kept.seq) kept = found;
  return true;
}

}  // namespace

std::string consumer_key(const std::string& channel, const std::string& consumer) {
  return channel + '\0' + consumer;
}

std::shared_ptr<store::projection> make_consumer_projection() {
  return std::make_shared<consumer_projection>();
}

result<consumer_table> load_consumers(const store::state& state, const store::journal& journal) {
  consumer_table all;
  bool whole = true;
  auto from = state.projected() + 1;
  state.lenient_view()->scan(consumers, {}, [&](std::string_view key, std::string_view packed) {
    return whole = take(all, key, packed);
  });
  for (auto end = journal.durable(); whole && from <= end;) {
    auto next = journal.read(from, read_chunk, [&](const store::placed_record& r) {
      if (r.body.kind == store::entity_kind::channel) whole = take(all, r.body.key, r.body.events);
      return whole;
    });
    if (!next) return tl::unexpected(next.error());
    from = *next;
  }
  if (!whole) return fail(errc::internal, "a consumer's record cannot be read");
  return all;
}

}  // namespace switchboard
