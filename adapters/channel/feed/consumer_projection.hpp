#pragma once

#include <map>
#include <memory>
#include <string>

#include "adapters/channel/feed/feed_cursor.hpp"
#include "runtime/base/error.hpp"
#include "runtime/codec/described.hpp"
#include "runtime/store/state.hpp"

namespace switchboard {

/// What is kept of a consumer: where it goes on. The events of its journal record, and its row in
/// table `consumers`, whose key is the record's: channel, a zero byte, consumer. A record without
/// events forgets it.
struct consumer_record {
  /// The entity's own event number.
  std::uint64_t seq = 0;
  feed_cursor cursor;
  timestamp kept_at;
};
template <class V> void describe(V& v, consumer_record& x) {
  v("seq", x.seq);
  v("at", x.cursor.at);
  v("index", x.cursor.index);
  v("kept_at", x.kept_at);
}

std::string consumer_key(const std::string& channel, const std::string& consumer);

/// Folds the records of consumers into their table.
std::shared_ptr<store::projection> make_consumer_projection();

/// By channel, then by consumer.
using consumer_table = std::map<std::string, std::map<std::string, consumer_record>>;

/// The consumers as of the journal's durable end: the projection and what it has not folded yet.
result<consumer_table> load_consumers(const store::state& state, const store::journal& journal);

}  // namespace switchboard
