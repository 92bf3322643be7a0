#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/center/center.hpp"
#include "adapters/center/row_fields.hpp"

/// How the embedded centers keep records: MessagePack of a map, in one table by key, with a second
/// table of index entries. Private to this room; docs/configuration.md describes the import
/// formats.
namespace switchboard::center {

struct index_entry {
  std::string key;
  std::string value;
};

struct stored_record {
  std::string key;
  std::string bytes;
};

/// What is particular to one kind of record.
struct record_kind {
  const char* name;
  /// A row as a record; nothing when a field was refused.
  std::optional<stored_record> (*read)(row_fields& row);
  /// The index entries of a stored record, the same for as long as its bytes are.
  std::vector<index_entry> (*index)(std::string_view key, std::string_view bytes);
};
const record_kind& kind_of(center_kind kind);

std::optional<stored_record> read_member(row_fields& row);
std::optional<stored_record> read_tags(row_fields& row);
std::optional<stored_record> read_product(row_fields& row);
std::optional<stored_record> read_order(row_fields& row);

std::vector<index_entry> index_member(std::string_view key, std::string_view bytes);
std::vector<index_entry> index_product(std::string_view key, std::string_view bytes);
std::vector<index_entry> index_order(std::string_view key, std::string_view bytes);

/// Nothing when the bytes are not what was stored.
std::optional<member_record> member_of(std::string_view bytes);
std::optional<std::vector<std::string>> tags_of(std::string_view bytes);
std::optional<product_record> product_of(std::string_view bytes);
std::optional<order_record> order_of(std::string_view bytes);

/// Index keys begin with these; what follows is the record's key. Parts are separated by a zero
/// byte, which no key can hold.
std::string member_prefix(member_key by, std::string_view value);
std::string order_prefix(std::string_view member_id);
std::string bought_prefix(std::string_view product_id);
/// The keys of tag records.
std::string tag_key_of_member(std::string_view member_id);
std::string tag_key_of_identity(std::string_view channel, std::string_view customer_id);

/// The bytes of an order's index key between `order_prefix` and the order's id: newest first.
std::string newest_first(timestamp created);
constexpr std::size_t newest_first_bytes = 8;
timestamp created_of(std::string_view newest_first_bytes);

}  // namespace switchboard::center
