#include "runtime/codec/field_reader.hpp"

namespace switchboard::codec {

void field_reader::must(std::string_view name, session_id& x) {
  const auto id = session_id::parse(p_.text(name, 64));
  if (!id) p_.reject(name, "is no session's id");
  x = id.value_or(session_id{});
}

void field_reader::may(std::string_view name, std::optional<session_id>& x) {
  const auto text = p_.text_or_empty(name, 64);
  x = session_id::parse(text);
  if (!text.empty() && !x) p_.reject(name, "is no session's id");
}

void field_reader::must(std::string_view name, bool& x) {
  if (!p_.find(name)) p_.reject(name, "is required");
  x = p_.boolean_or(name, false);
}

void field_reader::may(std::string_view name, std::vector<std::string>& x, text_list bounds) {
  const auto* array = p_.maybe_array(name);
  if (!array) return;
  const auto& items = array->via.array;
  bool sound = items.size <= bounds.most;
  for (std::uint32_t i = 0; sound && i < items.size; ++i) {
    const auto& o = items.ptr[i];
    sound = o.type == msgpack::type::STR && o.via.str.size > 0 && o.via.str.size <= bounds.longest;
    if (sound) x.emplace_back(o.via.str.ptr, o.via.str.size);
  }
  if (!sound)
    p_.reject(name, "expected at most " + std::to_string(bounds.most) + " texts of 1 to " +
                        std::to_string(bounds.longest) + " bytes");
}

}  // namespace switchboard::codec
