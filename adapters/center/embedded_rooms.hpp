#pragma once

#include <array>
#include <memory>

#include "adapters/center/embedded_centers.hpp"
#include "adapters/center/stored_record.hpp"
#include "runtime/store/damage.hpp"
#include "runtime/store/lmdb_env.hpp"

/// What the embedded centers share: one environment, two tables per kind. Private to this room.
namespace switchboard::center {

struct kind_tables {
  store::lmdb_table records;
  store::lmdb_table index;
};

struct embedded_store {
  std::unique_ptr<store::lmdb_env> env;
  std::array<kind_tables, 4> tables;
  store::lmdb_table folding;  // kind -> rebuild_mark, of its index

  const kind_tables& of(center_kind kind) const { return tables[static_cast<std::size_t>(kind)]; }
};

/// Visits what follows `prefix` in each index entry that begins with it, in order, while `visit`
/// returns true.
void scan_prefix(const store::lmdb_txn& txn, store::lmdb_table table, std::string_view prefix,
                 const std::function<bool(std::string_view rest, std::string_view value)>& visit);

tl::unexpected<error> damaged(const char* kind, std::string_view key);

/// What `read` answers; a value whose checksum is wrong is an error in words.
template <class Read> auto readable(Read read) -> decltype(read()) {
  try {
    return read();
  } catch (const store::damaged_data& e) {
    return fail(errc::internal, std::string(e.what()) + "; import it again, whole");
  }
}

class embedded_members : public member_center {
 public:
  explicit embedded_members(const embedded_store& s) : store_(s) {}
  result<member_lookup> find(const member_keys& keys) const override;

 private:
  const embedded_store& store_;
};

class embedded_tags : public tag_center {
 public:
  explicit embedded_tags(const embedded_store& s) : store_(s) {}
  result<std::vector<std::string>> of_member(std::string_view member_id) const override;
  result<std::vector<std::string>> of_identity(std::string_view channel,
                                               std::string_view customer_id) const override;

 private:
  result<std::vector<std::string>> at(const std::string& key) const;
  const embedded_store& store_;
};

class embedded_products : public product_center {
 public:
  explicit embedded_products(const embedded_store& s) : store_(s) {}
  result<std::optional<product_record>> find(std::string_view id) const override;
  result<std::vector<product_record>> search(std::string_view text,
                                             std::size_t most) const override;

 private:
  const embedded_store& store_;
};

class embedded_trade : public trade_center {
 public:
  explicit embedded_trade(const embedded_store& s) : store_(s) {}
  result<std::optional<order_record>> find(std::string_view order_id) const override;
  result<std::vector<order_record>> orders_of(std::string_view member_id,
                                              const order_query& query) const override;
  result<std::size_t> open_orders(std::string_view member_id) const override;
  result<std::vector<companion>> bought_together(const std::vector<std::string>& product_ids,
                                                 std::size_t most) const override;

 private:
  const embedded_store& store_;
};

/// Makes anew the indexes that were made under another folding; tells `progress` how many records
/// of a kind are indexed.
result<void> renew_indexes(
    const embedded_store& s,
    const std::function<void(std::string_view kind, std::size_t records)>& progress);

/// See embedded_centers::import.
import_report import_rows(const embedded_store& s, const import_request& request, std::istream& in);

struct embedded_centers::rooms {
  embedded_store store;
  embedded_members members{store};
  embedded_tags tags{store};
  embedded_products products{store};
  embedded_trade trade{store};
};

}  // namespace switchboard::center
