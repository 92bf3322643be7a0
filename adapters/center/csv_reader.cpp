#include "adapters/center/csv_reader.hpp"

#include <utility>

namespace switchboard::center {
namespace {

constexpr int end = std::char_traits<char>::eof();

}  // namespace

csv_reader::csv_reader(std::istream& in) : in_(in) {
  // The byte order mark some spreadsheets write.
  for (int byte : {0xef, 0xbb, 0xbf}) {
    if (in_.rdbuf()->sgetc() != byte) break;
    in_.rdbuf()->sbumpc();
  }
}

int csv_reader::peek() {
  return in_.rdbuf()->sgetc();
}

int csv_reader::take() {
  int c = in_.rdbuf()->sbumpc();
  if (c == '\n') ++line_;
  ++record_bytes_;
  return c;
}

csv_reader::outcome csv_reader::broken(std::string problem) {
  problem_ = std::move(problem);
  return outcome::broken;
}

/// After the opening quote, up to and with the closing one.
bool csv_reader::quoted(std::string& field) {
  for (;;) {
    int c = take();
    if (c == end) {
      problem_ = "a quote is never closed";
      return false;
    }
    if (c == '"' && peek() != '"') break;
    if (c == '"') take();
    field += static_cast<char>(c);
    if (record_bytes_ > most_record_bytes) return room(0);
  }
  int after = peek();
  if (after == ',' || after == '\r' || after == '\n' || after == end) return true;
  problem_ = "text after a closing quote";
  return false;
}

bool csv_reader::plain(std::string& field) {
  for (int c = peek(); c != ',' && c != '\r' && c != '\n' && c != end; c = peek()) {
    if (c == '"') {
      problem_ = "a quote inside a field that does not begin with one";
      return false;
    }
    field += static_cast<char>(take());
    if (record_bytes_ > most_record_bytes) return room(0);
  }
  return true;
}

bool csv_reader::room(std::size_t fields) {
  if (record_bytes_ > most_record_bytes) problem_ = "a record longer than 1 MiB";
  if (fields >= most_fields) problem_ = "more than 256 fields";
  return problem_.empty();
}

csv_reader::outcome csv_reader::next(std::vector<std::string>& fields) {
  if (!problem_.empty()) return outcome::broken;
  while (peek() == '\n' || peek() == '\r') take();
  if (peek() == end) return outcome::end;
  record_line_ = line_;
  record_bytes_ = 0;
  fields.clear();
  for (;;) {
    if (!room(fields.size())) return outcome::broken;
    auto& field = fields.emplace_back();
    bool opens = peek() == '"';
    if (opens) take();
    if (!(opens ? quoted(field) : plain(field))) return outcome::broken;
    int c = take();
    if (c == ',') continue;
    if (c == '\r' && peek() == '\n') c = take();
    if (c == '\n' || c == end) return outcome::record;
    return broken("a carriage return without a line feed");
  }
}

}  // namespace switchboard::center
