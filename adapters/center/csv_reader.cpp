#include "adapters/center/csv_reader.hpp"

#include <utility>

namespace switchboard::center {
namespace {

constexpr int end = std::char_traits<char>::eof();

}  // namespace

csv_reader::csv_reader(std::istream& in) : x_in(in) {
  // The byte order mark some spreadsheets write.
  for (int byte : {0xef, 0xbb, 0xbf}) {
    if (x_in.rdbuf()->sgetc() != byte) break;
    x_in.rdbuf()->sbumpc();
  }
}

int csv_reader::peek() {
  return x_in.rdbuf()->sgetc();
}

int csv_reader::take() {
  int c = x_in.rdbuf()->sbumpc();
  if (c == '\n') ++x_line;
  ++x_record_bytes;
  return c;
}

csv_reader::outcome csv_reader::broken(std::string problem) {
  x_problem = std::move(problem);
  return outcome::broken;
}

/// After the opening quote, up to and with the closing one.
bool csv_reader::quoted(std::string& field) {
  for (;;) {
    int c = take();
    if (c == end) {
      x_problem = "a quote is never closed";
      return false;
    }
    if (c == '"' && peek() != '"') break;
    if (c == '"') take();
    field += static_cast<char>(c);
    if (x_record_bytes > most_record_bytes) return room(0);
  }
  int after = peek();
  if (after == ',' || after == '\r' || after == '\n' || after == end) return true;
  x_problem = "text after a closing quote";
  return false;
}

bool csv_reader::plain(std::string& field) {
  for (int c = peek(); c != ',' && c != '\r' && c != '\n' && c != end; c = peek()) {
    if (c == '"') {
      x_problem = "a quote inside a field that does not begin with one";
      return false;
    }
    field += static_cast<char>(take());
    if (x_record_bytes > most_record_bytes) return room(0);
  }
  return true;
}

bool csv_reader::room(std::size_t fields) {
  if (x_record_bytes > most_record_bytes) x_problem = "a record longer than 1 MiB";
  if (fields >= most_fields) x_problem = "more than 256 fields";
  return x_problem.empty();
}

csv_reader::outcome csv_reader::next(std::vector<std::string>& fields) {
  if (!x_problem.empty()) return outcome::broken;
  while (peek() == '\n' || peek() == '\r') take();
  if (peek() == end) return outcome::end;
  x_record_line = x_line;
  x_record_bytes = 0;
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
