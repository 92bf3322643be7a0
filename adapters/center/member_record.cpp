#include "adapters/center/record_bytes.hpp"
#include "adapters/center/record_reading.hpp"
#include "adapters/center/stored_record.hpp"
#include "runtime/text/contact_form.hpp"

namespace switchboard::center {
namespace {

using nlohmann::json;
using presence = row_fields::presence;

std::string bytes_of(const member_record& m) {
  json out{{"id", m.id}, {"level", m.level}, {"name", m.name}};
  put_unless_empty(out, "since", unix_ms(m.since));
  put_unless_empty(out, "phone", m.phone);
  put_unless_empty(out, "email", m.email);
  put_unless_empty(out, "union_id", m.union_id);
  put_unless_empty(out, "attributes", m.attributes);
  return pack(out);
}

member_record member_from(const json& in) {
  member_record m;
  m.id = take<std::string>(in, "id");
  m.level = take<int>(in, "level");
  m.name = take<std::string>(in, "name");
  m.since = from_unix_ms(take<std::int64_t>(in, "since"));
  m.phone = take<std::string>(in, "phone");
  m.email = take<std::string>(in, "email");
  m.union_id = take<std::string>(in, "union_id");
  m.attributes = take<std::map<std::string, std::string>>(in, "attributes");
  return m;
}

}  // namespace

std::optional<member_record> member_from_row(row_fields& row) {
  member_record m;
  m.id = row.id("member_id", presence::required);
  m.level = static_cast<int>(row.integer("level", 0, 0, 100));
  m.name = row.text("name");
  m.since = row.moment("since");
  m.phone = row.phone("phone");
  m.email = row.email("email");
  m.union_id = row.id("union_id");
  m.attributes = row.attributes("attributes");
  row.finish();
  if (!row.good()) return {};
  return m;
}

std::optional<stored_record> read_member(row_fields& row) {
  auto m = member_from_row(row);
  if (!m) return {};
  return stored_record{m->id, bytes_of(*m)};
}

std::optional<member_record> member_of(std::string_view bytes) {
  return decoded(bytes, member_from);
}

std::string member_prefix(member_key by, std::string_view value) {
  std::string out(1, by == member_key::union_id ? 'u' : by == member_key::phone ? 'p' : 'e');
  return out.append(value).append(1, '\0');
}

std::vector<index_entry> index_member(std::string_view key, std::string_view bytes) {
  std::vector<index_entry> out;
  auto m = member_of(bytes);
  if (!m) return out;
  auto add = [&](member_key by, const std::string& value) {
    if (!value.empty()) out.push_back({member_prefix(by, value).append(key), {}});
  };
  add(member_key::union_id, m->union_id);
  // Folded again: a record may have been stored under an earlier folding.
  add(member_key::phone, phone_form(m->phone));
  add(member_key::email, email_form(m->email));
  return out;
}

}  // namespace switchboard::center
